/* Third-party licences: /graphiql/LICENSES.txt */
import{Fj as a,Gj as b,Hj as c,Ij as d}from"./chunk-HOTCRKBP.js";import"./chunk-BWYCRWK3.js";export{c as HitTestContext,b as MouseTarget,d as MouseTargetFactory,a as PointerHandlerLastRenderData};
