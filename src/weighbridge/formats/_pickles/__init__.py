"""What a pickle's events mean: where the machine's symbols meet what is known of names."""
