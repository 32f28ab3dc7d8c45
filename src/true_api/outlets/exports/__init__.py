"""Exports: rows as files, asked for, approved where people stand behind them, and gone after a week."""
