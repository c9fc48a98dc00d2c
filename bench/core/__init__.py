"""What every room uses: errors, frames and their schemas, the registry, metrics, text that is safe to print."""
