"""Findings of unusual reading, what came of them, and how far the watch has read."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0007_ledger'),
    ]

    operations = [
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pattern', models.TextField(choices=[('NOT_ON_IT', 'Not on the case'), ('OWN_NAME', 'Same last name'), ('OWN_HOME', 'Own address, or one close by'), ('CONFLICT_TRIED', 'Tried a case closed to them'), ('CONFLICT_READ', 'Read before a conflict was known'), ('MANY_VIEWERS', 'Many who are not on the case'), ('MANY_CASES', 'Many cases in an hour'), ('REFUSALS', 'Refused restricted cases'), ('OUT_OF_HOURS', 'Printed or copied out of hours')])),
                ('actor_id', models.BigIntegerField(blank=True, null=True)),
                ('actor_name', models.TextField(blank=True, default='')),
                ('case_reference', models.TextField(blank=True, default='')),
                ('window', models.TextField(blank=True, default='', help_text='A day, a moment, or once only.')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), help_text='All whose reading it is.')),
                ('detail', models.TextField(blank=True, default='')),
                ('raised_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'unusual reading',
                'verbose_name_plural': 'unusual reading',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='FindingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.TextField(choices=[('EXPLAINED', 'Explained'), ('NOT_EXPLAINED', 'Not explained')])),
                ('reason', models.TextField()),
                ('by_id', models.BigIntegerField()),
                ('by_name', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Watched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('access_id', models.BigIntegerField()),
                ('event_id', models.BigIntegerField()),
            ],
            options={
                'verbose_name_plural': 'watched',
                'ordering': ['-pk'],
            },
        ),
        migrations.AlterField(
            model_name='event',
            name='verb',
            field=models.TextField(choices=[('user.added', 'added a user'), ('user.changed', 'changed a user'), ('user.stopped', "stopped a user's access"), ('user.restored', "restored a user's access"), ('user.companies', "chose whose cases a user's roles reach"), ('team.added', 'added a team'), ('team.changed', 'changed a team'), ('role.granted', 'granted a role'), ('role.ended', 'ended a role'), ('training.recorded', 'recorded training'), ('setting.changed', 'changed a setting'), ('policy.added', 'added a policy version'), ('policy.words', 'checked words about the world outside'), ('policy.holidays', 'added bank holidays'), ('person.added', 'added a person'), ('person.changed', "changed a person's details"), ('company.added', 'added or renamed a company'), ('property.added', 'added a property'), ('property.changed', 'changed a property'), ('household.changed', 'changed a household'), ('family.changed', 'changed who is family'), ('person.merged', 'joined two records of one person'), ('person.unmerged', 'took two records apart again'), ('person.not_the_same', 'recorded that two people are not the same'), ('person.imported', 'brought in people from another system'), ('tenancy.added', 'added a tenancy'), ('tenancy.changed', 'changed a tenancy'), ('person.safe_contact', 'recorded how it is safe to make contact'), ('person.adjustment', 'recorded an adjustment'), ('person.adjustment_ended', 'ended an adjustment'), ('person.details_shown', "uncovered somebody's contact details"), ('person.staff_link', 'declared a link to a colleague'), ('sheet.started', 'started a call sheet'), ('sheet.saved', 'saved what was said'), ('sheet.parked', 'kept a call sheet to finish later'), ('sheet.ended', 'finished a call'), ('sheet.danger', 'recorded a 999 call'), ('report.submitted', 'sent a report to triage'), ('report.triaged', 'triaged a report'), ('report.rerouted', 'turned a record into a hate case'), ('report.received_corrected', 'corrected when the report was received'), ('route.opened', 'opened a route'), ('route.accepted', 'accepted a route'), ('route.declined', 'declined a route'), ('case.opened', 'opened the case'), ('case.allocated', 'named the lead officer'), ('case.stage', 'moved the case on'), ('case.held', 'put the case on hold'), ('case.restricted', 'restricted the case'), ('case.company', 'changed which company the case belongs to'), ('case.merged', 'joined the case to another'), ('case.access_given', 'gave somebody access to the case'), ('case.access_ended', "ended somebody's access to the case"), ('case.conflict_found', 'found a conflict of interest'), ('case.conflict_declared', 'declared a conflict of interest'), ('case.no_conflict', 'declared no conflict of interest'), ('case.conflict_lifted', 'cleared a conflict of interest'), ('incident.added', 'added an incident'), ('incident.changed', 'corrected an incident'), ('incident.crime', 'recorded what was decided about crime'), ('incident.impact', 'recorded how it has affected people'), ('incident.linked', 'recorded that two accounts are of the same incident'), ('incident.distinct', 'recorded that two incidents are different'), ('incident.unlinked', 'took two accounts apart again'), ('incident.made_up', 'recorded that an account was made up, by whoever gave it'), ('repeat.changed', 'changed whether it is a repeat'), ('incident.account', "added somebody's words"), ('view.added', "recorded somebody's view"), ('view.retracted', 'recorded that somebody took back their view'), ('incident.assessment', 'recorded an evidence assessment'), ('part.added', 'added a person to the case'), ('part.shown', 'opened what is kept apart about a person'), ('case.printed', 'printed a page of the case'), ('case.identities', 'opened who is who in the case'), ('part.record', 'recorded a statement, special measures or HR'), ('part.changed', "changed a person's part"), ('contact.logged', 'logged a contact'), ('contact.attempt', 'logged an attempt'), ('note.added', 'added a note'), ('clock.started', 'started a clock'), ('clock.met', 'did what was promised'), ('clock.paused', 'paused a clock'), ('clock.resumed', 'resumed a clock'), ('clock.na', 'recorded that a clock does not apply'), ('risk.started', 'began to ask about risk'), ('risk.saved', 'kept answers about risk'), ('risk.finished', 'finished a risk assessment'), ('risk.raised', 'set the risk higher than the answers say'), ('risk.lowered', 'set the risk lower than the answers say'), ('risk.flag_in_error', 'recorded that a red flag was ticked in error'), ('risk.level', 'changed the level of risk that stands'), ('risk.review_called', 'brought the risk review forward'), ('risk.told', 'sent word of High risk'), ('risk.explained', 'told them their level of risk and what it means'), ('case.exception', 'approved an exception'), ('reading.extracted', 'made an extract of who looked at the case'), ('reading.raised', 'noticed unusual reading'), ('reading.told', 'sent word of unusual reading'), ('reading.judged', 'looked into unusual reading'), ('session.signed_in', 'signed in'), ('session.signed_out', 'signed out'), ('session.failed', 'could not sign in'), ('session.password', 'changed their password'), ('session.mfa', 'changed their second factor')]),
        ),
        migrations.AddIndex(
            model_name='access',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='audit_access_at'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='audit_event_at'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['actor_id', '-id'], name='audit_finding_actor'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['case_reference', '-id'], name='audit_finding_case'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.UniqueConstraint(fields=('pattern', 'actor_id', 'case_reference', 'window'), name='audit_finding_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('pattern__in', ['NOT_ON_IT', 'OWN_NAME', 'OWN_HOME', 'CONFLICT_TRIED', 'CONFLICT_READ', 'MANY_VIEWERS', 'MANY_CASES', 'REFUSALS', 'OUT_OF_HOURS'])), name='audit_finding_pattern_known'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='audit_finding_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('people__len__gt', 0)), name='audit_finding_is_of_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='audit_finding_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e77c713befaaf0843f6d4f69180c2a55d6e2ed1a', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_finding_kept_1ef75', table='audit_finding', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='audit_finding_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;", hash='c5bf04828f901f86cac00b50ac563ec16f662eba', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_finding_whole_8146d', table='audit_finding', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='findingdecision',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='audit.finding'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='watched',
            trigger=pgtrigger.compiler.Trigger(name='audit_watched_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4f664194b47d155cc6d1fbace34a3ec4e4a49626', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_watched_kept_0cc37', table='audit_watched', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='watched',
            trigger=pgtrigger.compiler.Trigger(name='audit_watched_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;", hash='f6c6d5c964c6961f42cadb83d9d7c48ab291eaa7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_watched_whole_a0bf5', table='audit_watched', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='findingdecision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['EXPLAINED', 'NOT_EXPLAINED'])), name='audit_findingdecision_verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='findingdecision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='audit_findingdecision_has_reason', violation_error_message='Say what you found out.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingdecision',
            trigger=pgtrigger.compiler.Trigger(name='audit_findingdecision_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8e446d2db377e0a9673e33cc790a68c802fd2994', operation='UPDATE OR DELETE', pgid='pgtrigger_audit_findingdecision_kept_ad7d7', table='audit_findingdecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='findingdecision',
            trigger=pgtrigger.compiler.Trigger(name='audit_findingdecision_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;", hash='371c6f9f4dea8779edc467d08c0db3e2946b8704', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_audit_findingdecision_whole_4b2b7', table='audit_findingdecision', when='BEFORE')),
        ),
    ]
