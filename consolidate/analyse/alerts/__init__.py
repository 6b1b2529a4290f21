"""The alert rules, one module each; ``registry`` says what a rule is."""
