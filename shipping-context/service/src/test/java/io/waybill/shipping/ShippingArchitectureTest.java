package io.waybill.shipping;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import io.waybill.testing.WaybillArchitecture;

@AnalyzeClasses(packages = "io.waybill.shipping", importOptions = ImportOption.DoNotIncludeTests.class)
class ShippingArchitectureTest {

    @ArchTest
    static final ArchTests architecture = ArchTests.in(WaybillArchitecture.class);
}
