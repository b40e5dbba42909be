"""Posts that wait for their person to sign in again."""

import uuid6
from django.db import models


class HeldPost(models.Model):
    """Sealed form fields of one post, for one person and one address, for half an hour."""

    id = models.UUIDField(primary_key=True, default=uuid6.uuid7, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    sealed = models.TextField()
    kept_until = models.DateTimeField()
