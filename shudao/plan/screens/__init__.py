"""What the pages of the written plan show, a module for each noun."""
