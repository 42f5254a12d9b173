"""Views of following: how an incident ends and is kept, and care referrals apart from everything else."""
