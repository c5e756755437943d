"""Files that a merchant uploads: kept until they are read, asked about where columns are unsure, brought in while the merchant watches."""
