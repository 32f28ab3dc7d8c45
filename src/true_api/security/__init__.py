"""Who is calling, what they may do, and the trace they leave."""
