/** Stops a context's process at a named point of an order's path, from within; and breaks what protects an order. */
package io.waybill.acceptance.crash;
