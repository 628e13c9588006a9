/* Third-party licences: /graphiql/LICENSES.txt */
import{a,b}from"./chunk-GAMDQONL.js";import"./chunk-NVS26MPE.js";import"./chunk-HOTCRKBP.js";import"./chunk-BWYCRWK3.js";export{b as getWorker,a as jsonDefaults};
