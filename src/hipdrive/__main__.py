"""`python -m hipdrive` is `hipdrive`."""

from hipdrive.cli.app import main

if __name__ == "__main__":
    main()
