/** Names that a file may hold, and what each tries. */
export const hostileNames = {
  'an Excel formula': '=HYPERLINK("http://evil.example","x")',
  'a plus': "+1+cmd|' /C calc'!A0",
  'a minus': '-2+3',
  'a sum': '@SUM(A1:A9)',
  'a formula behind a tab': '\t=1+1',
  'a formula behind a carriage return': '\r=1+1',
  'a formula behind blanks': '  =1+1',
  'a wide equals sign': '＝1+1',
  separators: 'a,b;c\td"e"',
  'a line feed': 'a\nb',
  'a pipe': 'a|b||c\\|d',
  'back ticks': '`code` ``more``',
  'a link': '[click](javascript:alert(1)) ![img](http://evil.example/x.png)',
  'an address': 'http://evil.example www.evil.example',
  HTML: '<img src=x onerror=alert(1)> <!-- &lt; -->',
  emphasis: '**bold** _it_ ~~gone~~ $x$',
  'a mention': '@octocat #1',
  colours: '\u001b[31mred\u001b[0m \u009b2J',
  'text from right to left': 'abc\u202etxt.exe\u2066',
  'a bell and a null': 'a\u0007\u0000b',
  'a line separator': 'a\u2028b\u2029c',
  'a prototype': '__proto__',
} as const;

/** What no output may hold: it would move a cursor, change colours or turn text around. */
export const rawControls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
