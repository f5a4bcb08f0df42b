"""The bound by items: what they share gets prices, and each item is planned by itself at these prices."""
