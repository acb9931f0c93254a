"""Who may be told what: the matrix, one conversation at a time, and taking it back."""
