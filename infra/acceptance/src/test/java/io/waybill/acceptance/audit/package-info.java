/** Holds a running system to what must always be true, by what it shows and by what its partners wrote down. */
package io.waybill.acceptance.audit;
