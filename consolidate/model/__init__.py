"""What the stages hand to each other: values without behaviour of a stage."""
