# Two commands: `make run` serves the portal with its demo, `make test` proves it.
.PHONY: run test check demo-reset lock

run:
	@bin/run

test:
	@bin/test

check:
	@bin/check

demo-reset:
	@bin/demo-reset

lock:
	@bin/lock
