# Copyright: cloudops.lambda_rds maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How a report looks: light and dark, on paper, and as narrow as a phone. PRIVATE to the collection."""

from __future__ import annotations

_COLOURS = """
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#4d5866;--line:#d3d9e0;--link:#0a58ca;
--open:#116329;--open-bg:#e3f5e8;--closed:#a40e26;--closed-bg:#fdeaec;--partly:#7a4b00;--partly-bg:#fdf1d8;
--unknown:#4d5866;--unknown-bg:#e9ecf0;--note:#0b4a8f;--note-bg:#e4effb}
@media (prefers-color-scheme:dark){:root{--bg:#0f141a;--card:#171e26;--ink:#e6ebf1;--soft:#a9b4c0;--line:#36414d;
--link:#7db4ff;--open:#6fd88b;--open-bg:#12301c;--closed:#ff9aa2;--closed-bg:#3d1519;--partly:#f0c060;
--partly-bg:#382808;--unknown:#a9b4c0;--unknown-bg:#29323c;--note:#8fc1ff;--note-bg:#122b47}}
"""

_PAGE = """
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);overflow-wrap:anywhere;
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Hiragino Sans","Noto Sans CJK JP","Yu Gothic UI",sans-serif}
header,main,footer{max-width:76rem;margin:0 auto;padding:1rem clamp(.75rem,3vw,2rem)}
header{padding-bottom:0}
footer{color:var(--soft);font-size:.875rem;border-top:1px solid var(--line)}
h1,h2,h3,h4,h5{line-height:1.25;margin:0}
h1{font-size:1.25rem;color:var(--soft);font-weight:600}
h2{font-size:1.25rem;margin:2rem 0 .75rem}
h3{font-size:1rem;margin:1rem 0 .5rem}
h4,h5{font-size:1rem}
.small{font-size:.9375rem;color:var(--soft);margin:1.25rem 0 .5rem;font-weight:600}
p{margin:.4rem 0}
a{color:var(--link)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
pre{white-space:pre-wrap;background:var(--bg);border:1px solid var(--line);border-radius:.5rem;
padding:.75rem;margin:.5rem 0}
ul,ol{margin:0;padding:0;list-style:none}
summary{cursor:pointer}
summary h3{display:inline;margin:0}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
[id]{scroll-margin-top:4rem}
.when{color:var(--soft);font-size:.875rem}
"""

_SUMMARY = """
.answer{font-size:clamp(1.3rem,4vw,1.9rem);line-height:1.3;font-weight:700;margin:.75rem 0}
.tiles{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;margin:.75rem 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:.5rem 1.5rem;
margin:1rem 0 0;padding:.9rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.facts dt{color:var(--soft);font-size:.8125rem}
.facts dd{margin:0}
.mark,.sign{display:inline-grid;place-items:center;min-width:1.4em;height:1.4em;border-radius:50%;font-weight:700;
font-size:.9em;line-height:1;background:var(--unknown-bg);color:var(--unknown)}
.mark[data-state=open]{background:var(--open-bg);color:var(--open)}
.mark[data-state=closed]{background:var(--closed-bg);color:var(--closed)}
.mark[data-state=partly]{background:var(--partly-bg);color:var(--partly)}
.badge{display:inline-flex;align-items:center;gap:.35em;padding:.1em .6em .1em .2em;border-radius:1em;
font-size:.8125rem;font-weight:600;white-space:nowrap;background:var(--unknown-bg);color:var(--unknown)}
.badge{vertical-align:middle}
.tiles li,.counts>span{display:inline-flex;align-items:center;gap:.4em}
.badge .sign{background:none;color:inherit}
.badge[data-severity=blocks]{background:var(--closed-bg);color:var(--closed)}
.badge[data-severity=risk]{background:var(--partly-bg);color:var(--partly)}
.badge[data-severity=note]{background:var(--note-bg);color:var(--note)}
.table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);font-size:.9375rem}
.table caption{text-align:left;color:var(--soft);padding:.5rem 0}
.table th,.table td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid var(--line)}
.table th{font-weight:600}
.table thead th{color:var(--soft);font-size:.8125rem}
.table .cause{display:block}
.counts>span{margin-right:.75rem}
.overview h2{margin-top:.5rem}
.overview details{margin-top:.75rem}
.names{columns:16rem;gap:1.5rem;padding:.5rem 0}
.names li{padding:.1rem 0;break-inside:avoid}
"""

_FINDINGS = """
.card{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--unknown);border-radius:.6rem;
padding:.75rem 1rem;margin:.6rem 0;break-inside:avoid}
.card[data-severity=blocks]{border-left-color:var(--closed)}
.card[data-severity=risk]{border-left-color:var(--partly)}
.card[data-severity=note]{border-left-color:var(--note)}
.card-head{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .6rem}
.card h3,.card h5{margin:0}
.card h3::first-letter,.card h5::first-letter{text-transform:uppercase}
.card code{color:var(--soft);font-weight:400;font-size:.8125rem}
.source,.whom{font-size:.875rem}
.source{white-space:nowrap}
.lines{display:grid;gap:.4rem;padding:.25rem 0}
.function{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0;padding:0 1rem}
.function>summary{padding:.75rem 0}
.function .card{background:var(--bg)}
.verdict{color:var(--soft);font-size:.875rem;margin-left:.5rem}
.inside{border-top:1px solid var(--line);padding-bottom:1rem}
.more{margin-top:1rem}
.more>summary{color:var(--link)}
.inside .facts,.only .more .facts{background:var(--bg)}
"""

_PICTURE = """
.picture{display:grid;gap:.5rem}
.leg{color:var(--soft);font-size:.875rem;margin:.25rem 0 0}
.path{display:flex;gap:1.5rem;align-items:stretch}
.path .path{flex:1}
.vpc{flex:1 1 0;border:2px dashed var(--soft);border-radius:.75rem;padding:.5rem .75rem .75rem;position:relative;
min-width:0}
.vpc-name{display:block;color:var(--soft);font-size:.8125rem;font-weight:600;margin-bottom:.5rem}
.station{flex:1 1 0;min-width:0;position:relative;display:flex;flex-direction:column;gap:.15rem;font-size:.8125rem;
line-height:1.35;background:var(--card);border:2px solid var(--unknown);border-radius:.6rem;padding:.5rem}
.station[data-state=open]{border-color:var(--open)}
.station[data-state=closed]{border-color:var(--closed);background:var(--closed-bg)}
.station[data-state=partly]{border-color:var(--partly);border-style:dashed;background:var(--partly-bg)}
.station[data-state=unknown]{border-style:dotted}
.station strong,.station .cause{word-break:auto-phrase}
.station code{word-break:break-all}
.station code,.station .detail{color:var(--soft)}
.station[data-state=closed] *,.station[data-state=partly] *{color:var(--ink)}
.station .state{margin-top:auto;padding-top:.35rem;font-weight:600}
.station .mark{background:none}
.station[data-state] .mark{color:inherit}
.station .cause{font-weight:700}
.station[data-state=closed] .cause,.station[data-state=closed] .state{color:var(--closed)}
.station[data-state=partly] .cause,.station[data-state=partly] .state{color:var(--partly)}
.station[data-state=open] .state{color:var(--open)}
.path>li+li::before{content:"→";position:absolute;left:-1.35rem;top:50%;transform:translateY(-50%);
font-size:1.1rem;font-weight:700;line-height:1;color:var(--soft)}
.path>li+li[data-state=closed]::before{content:"✕";color:var(--closed)}
.path>li[data-state=closed]+.vpc::before{content:"✕";color:var(--closed)}
@media (max-width:62rem){
.path{flex-direction:column;gap:1.6rem}
.path>li+li::before{content:"↓";left:50%;top:-1.35rem;transform:translateX(-50%)}
.station{display:grid;grid-template-columns:1fr auto;gap:.1rem .75rem;font-size:.875rem}
.station>*{grid-column:1}
.station .state{grid-column:2;grid-row:1;margin:0;padding:0}
}
"""

_NARROW = """
@media (max-width:40rem){
.table thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.table tr,.table th,.table td{display:block;border:0;padding:.15rem .75rem}
.table tr{border-bottom:1px solid var(--line);padding:.5rem 0}
.function{padding:0 .6rem}
}
"""

_PRINT = """
@media print{
:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--link:#000;--open:#0a4d1f;--closed:#8b0a1f;
--partly:#5c3900;--unknown:#333;--note:#08386c;--open-bg:#fff;--closed-bg:#fff;--partly-bg:#fff;--unknown-bg:#fff;
--note-bg:#fff}
body{font-size:10pt}
details::details-content{content-visibility:visible;display:block}
.function,.card,.station,.table tr{break-inside:avoid-page}
.source a::after{content:" " attr(href)}
.more{display:none}
}
"""

STYLES = _COLOURS + _PAGE + _SUMMARY + _FINDINGS + _PICTURE + _NARROW + _PRINT
