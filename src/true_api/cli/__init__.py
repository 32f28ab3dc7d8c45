"""The command line: what an operator does; its writes pass the gate as an admin's and are trailed like theirs."""
