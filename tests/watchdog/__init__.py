"""What the watchdog sees, when it speaks and whom it reaches."""
