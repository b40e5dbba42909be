"""The supervisor of `make run`: it starts every part of the portal, restarts what dies and stops all."""
