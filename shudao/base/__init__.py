"""底座 (base): clock, scene, short write, cursors, deadlines, worker jobs, base templates."""
