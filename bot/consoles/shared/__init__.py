"""What the staff desk and the merchant console share: layout, styles, texts, signing in."""
