"""The scenarios of the board of urgent orders."""
