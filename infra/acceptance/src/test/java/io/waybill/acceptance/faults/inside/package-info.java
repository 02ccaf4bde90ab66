/** What of the fault injector runs within the processes of the contexts. */
package io.waybill.acceptance.faults.inside;
