/** The colours and faces of the pages that commands write, those of the preview page. */
export const PAGE_TOKENS = `:root {
  --paper: #fbfaf7; --ink: #1a1a18; --ink2: #45433e; --muted: #65625b; --accent: #b01e23;
  --rule: #1a1a18; --hair: #d8d4ca; --tint: #f7e4e1; --look: #8a5a00; --ok: #1f6b3a;
  --serif: Georgia, "Times New Roman", serif;
  --sans: -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141413; --ink: #ebe8e1; --ink2: #cbc7be; --muted: #a39f95; --accent: #ff9285;
    --rule: #bfbbb1; --hair: #3a3834; --tint: #3a2320; --look: #e0b15a; --ok: #7cc795;
  }
}
`;
