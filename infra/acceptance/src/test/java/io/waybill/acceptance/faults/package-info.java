/** Breaks the parts of a system of several processes, in an order that a seed repeats, while customers go on buying. */
package io.waybill.acceptance.faults;
