import { Button } from "@mantine/core";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { ApiProblem, wordsOf } from "../api.ts";
import { EmptyState } from "./empty-state.tsx";

/** A page that could not be shown at all: what happened, and the way on. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof ApiProblem && error.code === "not_found") return <NotHere />;
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="pad">
      <EmptyState
        title="This page could not be shown"
        acts={
          <>
            <Button onClick={again}>Try again</Button>
            <Button variant="default" onClick={() => location.assign("/")}>
              Go to Connect
            </Button>
          </>
        }
      >
        {wordsOf(error)}
      </EmptyState>
    </div>
  );
}

/** An address that leads nowhere, or to something that was deleted. */
export function NotHere() {
  return (
    <div className="pad">
      <EmptyState
        title="There is nothing here"
        acts={
          <Link to="/connects" className="lnk">
            Go to Connect
          </Link>
        }
      >
        It was deleted, belongs to another account, or the address is mistyped.
      </EmptyState>
    </div>
  );
}
