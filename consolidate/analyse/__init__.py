"""Say what a portfolio means: what changed, who needs help, what comes first."""
