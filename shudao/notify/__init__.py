"""通知 (notify): the outbox of messages and the channels they leave by."""
