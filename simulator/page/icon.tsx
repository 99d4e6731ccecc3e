interface Size {
  size?: number
}

export const Echo = ({ size }: Size) => (
  <Strokes
    size={size}
    of={['M5 11.9v.2', 'M9.5 8a6 6 0 0 1 0 8', 'M13.5 5.2a10.5 10.5 0 0 1 0 13.6', 'M17.5 2.6a15 15 0 0 1 0 18.8']}
  />
)
export const People = ({ size }: Size) => (
  <Strokes
    size={size}
    of={[
      'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
      'M2.5 20c0-3.5 2.8-6 6.5-6s6.5 2.5 6.5 6',
      'M16 4.3a3.5 3.5 0 0 1 0 6.4',
      'M18 14.4c2.2.8 3.5 2.9 3.5 5.6',
    ]}
  />
)
export const Search = ({ size }: Size) => (
  <Strokes size={size} of={['M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14z', 'M20.5 20.5 16 16']} />
)
export const Back = ({ size }: Size) => <Strokes size={size} of={['M15 5l-7 7 7 7']} />
export const Close = ({ size }: Size) => <Strokes size={size} of={['M6 6l12 12', 'M18 6 6 18']} />
export const Down = ({ size }: Size) => <Strokes size={size} of={['M6 9.5l6 6 6-6']} />
export const More = ({ size }: Size) => <Strokes size={size} of={['M5 12h.01', 'M12 12h.01', 'M19 12h.01']} />
export const Reply = ({ size }: Size) => <Strokes size={size} of={['M10 5 4 11l6 6', 'M4 11h9a7 7 0 0 1 7 7v1']} />
export const Onward = ({ size }: Size) => <Strokes size={size} of={['M14 5l6 6-6 6', 'M20 11h-9a7 7 0 0 0-7 7v1']} />
export const Thread = ({ size }: Size) => <Strokes size={size} of={['M4 5h16v11H9l-5 4z', 'M8 9h8', 'M8 12.5h5']} />
export const Recall = ({ size }: Size) => <Strokes size={size} of={['M4 9h10a5 5 0 0 1 0 10H8', 'M8 5 4 9l4 4']} />
export const Clip = ({ size }: Size) => (
  <Strokes
    size={size}
    of={['M20 11.5 12 19.4a5 5 0 0 1-7.1-7.1l8.5-8.4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6']}
  />
)
export const At = ({ size }: Size) => (
  <Strokes
    size={size}
    of={['M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0z', 'M15.5 8.5v5a2.5 2.5 0 0 0 5 0V12a8.5 8.5 0 1 0-3.4 6.8']}
  />
)
export const Send = ({ size }: Size) => <Strokes size={size} of={['M4 12 3 4l18 8-18 8 1-8z', 'M4 12h8']} />
export const Clock = ({ size }: Size) => (
  <Strokes size={size} of={['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7v5l3.5 2']} />
)
export const Side = ({ size }: Size) => <Strokes size={size} of={['M4 5h16v14H4z', 'M15 5v14']} />
export const Plus = ({ size }: Size) => <Strokes size={size} of={['M12 5v14', 'M5 12h14']} />
export const Check = ({ size }: Size) => <Strokes size={size} of={['M5 12.5 10 17 19 7.5']} />
export const Copy = ({ size }: Size) => <Strokes size={size} of={['M9 9h11v11H9z', 'M5 15H4V4h11v1']} />
export const Braces = ({ size }: Size) => (
  <Strokes
    size={size}
    of={[
      'M8 4C5.5 4 6 6 6 8.500S5 12 3.500 12C5 12 6 13 6 15.500S5.500 20 8 20',
      'M16 4c2.500 0 2 2 2 4.500s1 3.500 2.500 3.500c-1.500 0-2.500 1-2.500 3.500s.5 4.500-2 4.500',
    ]}
  />
)
export const Guide = ({ size }: Size) => (
  <Strokes size={size} of={['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M15.500 8.500l-2 5-5 2 2-5z']} />
)
export const Restart = ({ size }: Size) => (
  <Strokes size={size} of={['M4 12a8 8 0 1 0 2.500-5.800', 'M4 4v4.500h4.500']} />
)
export const FileShape = ({ size }: Size) => (
  <Strokes size={size} of={['M6 3h8l4 4v14H6z', 'M14 3v4h4', 'M9 12h6', 'M9 16h6']} />
)
export const Picture = ({ size }: Size) => (
  <Strokes size={size} of={['M4 5h16v14H4z', 'M4 16l5-5 4 4 2-2 5 4', 'M15.5 9.5h.01']} />
)
export const Switch = ({ size }: Size) => <Strokes size={size} of={['M4 8h14l-3-3', 'M20 16H6l3 3']} />
export const Dot = ({ size }: Size) => <Strokes size={size} of={['M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z']} />

function Strokes({ size = 20, of }: Size & { of: string[] }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {of.map(line => (
        <path key={line} d={line} />
      ))}
    </svg>
  )
}
