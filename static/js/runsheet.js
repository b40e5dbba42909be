// The run-sheet of today shows the present minute: it comes anew while it is looked at and nobody is at work in it.
"use strict";

setInterval(() => {
  const idle = [null, document.body, document.documentElement].includes(document.activeElement);
  if (idle && !document.hidden && !document.querySelector(":popover-open")) window.location.reload();
}, 60000);
