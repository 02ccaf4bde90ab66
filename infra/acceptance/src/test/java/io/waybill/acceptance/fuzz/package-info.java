/** Sends the system what nobody would, in the shapes of its own API, and judges what it answers. */
package io.waybill.acceptance.fuzz;
