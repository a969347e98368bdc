/** Illustrates the gateway: a request without a token stops at the gate, one with a token passes. */
export function GatePicture() {
  return (
    <svg aria-hidden viewBox="0 0 640 240" className="w-full max-w-160" fill="none" strokeLinecap="round">
      <g className="stroke-line-strong" strokeWidth="1.25">
        <path d="M304 28v184M352 28v184" className="stroke-ink" strokeWidth="2" />
        <path d="M304 64h48M304 176h48M304 176l48-112" className="stroke-ink" strokeWidth="1.5" />
        <path d="M0 92h286" strokeDasharray="2 5" />
        <path d="M0 148h304M352 148h288" />
        <path d="m632 143 6 5-6 5" />
      </g>
      <circle cx="286" cy="92" r="5" className="fill-sunken stroke-open" strokeWidth="2" />
      <circle cx="328" cy="148" r="6" className="fill-guarded" />
      <g className="mono fill-muted">
        <text x="0" y="80">
          no token
        </text>
        <text x="0" y="136">
          Bearer eyJhbGciOi…
        </text>
      </g>
      <text x="376" y="96" className="mono fill-open">
        401
      </text>
      <text x="376" y="136" className="mono fill-guarded">
        200
      </text>
      <text x="600" y="136" className="mono fill-muted">
        API
      </text>
    </svg>
  );
}
