"""How a stream row and a reference row are validated."""
