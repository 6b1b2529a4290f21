/* The filters of the index come along in the address, and go back with its reader. */
if (location.hash.startsWith("#projects?")) {
  for (const link of page.all(document, "a[data-keep]")) link.hash = location.hash;
}
