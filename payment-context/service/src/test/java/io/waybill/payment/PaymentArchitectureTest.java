package io.waybill.payment;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.waybill.testing.WaybillArchitecture;

@AnalyzeClasses(packages = "io.waybill.payment", importOptions = ImportOption.DoNotIncludeTests.class)
class PaymentArchitectureTest {

    @ArchTest
    static final ArchTests architecture = ArchTests.in(WaybillArchitecture.class);
}
