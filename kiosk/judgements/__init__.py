"""The starter paintings and poems as a reader judged them, and what that says of each method."""
