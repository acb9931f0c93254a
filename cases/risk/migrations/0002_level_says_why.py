from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('risk', '0001_assessments'),
    ]

    operations = [
        migrations.AddField(
            model_name='level',
            name='why',
            field=models.TextField(default='', help_text='In words, as the case page says it.'),
            preserve_default=False,
        ),
    ]
