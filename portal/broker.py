"""What the portal asks the broker itself, without Celery: whether it answers, and how much waits."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# The name Celery gives its queue when nobody names one.
QUEUE = "celery"


def url() -> str:
    """The broker's address as the Redis client spells it; Celery has another word for a socket."""
    return str(settings.REDIS_URL).replace("redis+socket://", "unix://", 1)


def _client(seconds: float) -> redis.Redis:
    return redis.Redis.from_url(
        url(),
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        # The client's own retries would make one silence last several times as long.
        retry=Retry(NoBackoff(), 0),
    )


def answers(seconds: float) -> bool:
    """Whether the broker answers soon. A frozen broker accepts a connection and then stays silent."""
    client = _client(seconds)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()


def waiting(seconds: float) -> int | None:
    """How many tasks wait for a worker to take them; None when the broker does not say."""
    client = _client(seconds)
    try:
        return int(client.llen(QUEUE))
    except (redis.RedisError, OSError):
        return None
    finally:
        client.close()
