package io.waybill.order;

import io.waybill.testing.ContextProcess;

/** The order context in a process that ends with the tests. */
final class OrderProcess {

    private OrderProcess() {}

    public static void main(String[] args) {
        ContextProcess.endWithParent();
        OrderApplication.main(args);
    }
}
