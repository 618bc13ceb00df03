"""What a person sees and types: the editor's window and the terminal."""
