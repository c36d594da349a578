"""Where results become visible: the object store and everything that writes conditionally to it."""
