"""The same problem with a relaxation closer to its whole plans: facility location, and cuts in echelon stock."""
