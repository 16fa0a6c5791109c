from django.urls import path

from niaga.parties.web import credit_policy, customer_facts, customer_form, customer_list, customer_page, settings

app_name = "parties"
urlpatterns = [
    path("customers", customer_list.CustomerList.as_view(), name="customers"),
    path("customers/lookup", customer_list.lookup, name="lookup"),
    path("customers/new", customer_form.new_customer, name="new"),
    path("customers/quick", customer_form.quick_customer, name="quick"),
    path("customers/check-tax-number", customer_form.check_tax_number, name="check_tax_number"),
    path("customers/check-duplicates", customer_form.check_duplicates, name="check_duplicates"),
    path("customers/<uuid:customer_id>", customer_page.show_customer, name="customer"),
    path("customers/<uuid:customer_id>/edit", customer_form.change_customer, name="change"),
    path("customers/<uuid:customer_id>/archive", customer_page.archive, name="archive"),
    path("customers/<uuid:customer_id>/credit", customer_facts.credit, name="credit"),
    path("customers/<uuid:customer_id>/credit/raise", customer_facts.raise_limit, name="raise_credit"),
    path("customers/<uuid:customer_id>/notes", customer_page.add_note, name="note"),
    path("customers/<uuid:customer_id>/consents", customer_page.consent, name="consent"),
    path("customers/<uuid:customer_id>/contacts/new", customer_facts.contact, name="new_contact"),
    path("customers/<uuid:customer_id>/contacts/<uuid:contact_id>", customer_facts.contact, name="contact"),
    path("customers/<uuid:customer_id>/addresses/new", customer_facts.address, name="new_address"),
    path("customers/<uuid:customer_id>/addresses/<uuid:address_id>", customer_facts.address, name="address"),
    path("customers/<uuid:customer_id>/tax-treatments/new", customer_facts.tax_treatment, name="new_tax_treatment"),
    path(
        "customers/<uuid:customer_id>/tax-treatments/<uuid:treatment_id>",
        customer_facts.tax_treatment,
        name="tax_treatment",
    ),
    path("settings/payment-terms", settings.payment_terms, name="terms"),
    path("settings/payment-terms/new", settings.edit_term, name="new_term"),
    path("settings/payment-terms/<uuid:term_id>", settings.edit_term, name="term"),
    path("settings/credit", credit_policy.credit_policy, name="credit_policy"),
    path("settings/customer-groups", settings.customer_groups, name="groups"),
    path("settings/customer-groups/new", settings.edit_group, name="new_group"),
    path("settings/customer-groups/<uuid:group_id>", settings.edit_group, name="group"),
]
