import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";

/** True once waiting has lasted 300 ms: before that, a skeleton only flickers. */
function useLong(): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return long;
}

const widths = [150, 90, 190, 120, 170, 110, 140, 100];

/** Table rows that are still on their way, in the rows' shape. */
export function LoadingRows({ columns, rows = 8 }: { columns: number; rows?: number }) {
  const long = useLong();
  return (
    <tbody aria-busy>
      {Array.from({ length: rows }, (_, row) => (
        <tr key={row}>
          {Array.from({ length: columns }, (_column, column) => (
            <td key={column}>
              {long && (
                <Skeleton h={9} maw={widths[(row + column) % widths.length]} w="80%" radius="xs" animate={false} />
              )}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** A page or panel that is still on its way. */
export function LoadingPage() {
  const long = useLong();
  return (
    <div className="phead" aria-busy>
      <output className="sr">Loading</output>
      {long && (
        <>
          <Skeleton h={18} w={180} radius="xs" animate={false} mt={14} />
          <Skeleton h={10} w={320} maw="80%" radius="xs" animate={false} mt={26} />
          <Skeleton h={10} w={260} maw="70%" radius="xs" animate={false} mt={14} />
          <Skeleton h={10} w={300} maw="75%" radius="xs" animate={false} mt={14} />
        </>
      )}
    </div>
  );
}
