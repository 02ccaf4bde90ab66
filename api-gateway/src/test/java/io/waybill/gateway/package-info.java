/** The gateway before stubs of the contexts: a real server, real connections, no other process. */
package io.waybill.gateway;
