"""What the stories are told with: a Baton of their own, people at browsers, and eyes."""
