"""The municipalities, the driehoeken and the register of telephone numbers."""
