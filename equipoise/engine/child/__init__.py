"""The child's side of a solve: what a process is asked to do, and how it tells of it."""
